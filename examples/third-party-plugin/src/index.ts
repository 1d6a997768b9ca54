export { resume, type Resume, type ResumeOptions } from "./resume.ts";
export { tap, type Tapped } from "./tap.ts";
