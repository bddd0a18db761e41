import codes from "./codes";
import console from "./console";
import settings from "./settings";

export default { ...console, ...settings, ...codes };
