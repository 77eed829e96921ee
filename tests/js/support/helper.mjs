export const name = "helper";
