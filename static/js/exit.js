/** The way out of a page about help for those who may be watched, beside whatever else the page has. */
import { enhanceExit } from "./leave.js";

enhanceExit(document);
