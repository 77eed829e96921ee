log(`dependency of ${import.meta.url.replace(location.host, "…")}`);
export const answer = 42;
