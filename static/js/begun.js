/** What can be added: and the forms that were begun here and not sent. */
import { offerBegun } from "./form/offer-begun.js";

offerBegun(document);
