import { answer } from "./dependency.mjs";
log(`external module with ${answer}, once`);
