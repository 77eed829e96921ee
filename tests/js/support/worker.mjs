import { name } from "./helper.mjs";

postMessage(name);
