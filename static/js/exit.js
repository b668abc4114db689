/** The way out of a form about help for those who may be watched, beside whatever else its page has. */
import { enhanceExit } from "./place/tools.js";

enhanceExit(document);
