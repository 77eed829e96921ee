import("./dependency.mjs").then(({ answer }) => log(`import of a classic script ${answer}`));
