import { performInPage } from "./work/perform-in-page.ts";

// The script of the page in the browser: leaves the one function that it is driven by.

Object.assign(globalThis, { doJob: performInPage });
