import { writeFileSync } from "node:fs";
import { migrationPage, page } from "./migration.ts";

writeFileSync(page, migrationPage());
