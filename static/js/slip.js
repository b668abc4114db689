/** The page of a slip: it is made to fit on its sheet, `[data-print]` prints it. The slip is `[data-slip]`. */
import { findAll } from "./dom.js";
import { enhanceExit } from "./leave.js";
import { enhancePrint } from "./place/tools.js";
import { fit } from "./slip/fit.js";

enhancePrint(document);
enhanceExit(document);
for (const slip of findAll(document, "[data-slip]")) fit(slip);
