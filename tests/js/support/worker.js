import("./helper.mjs").then(({ name }) => postMessage(`./${name}.mjs of a classic worker`));
