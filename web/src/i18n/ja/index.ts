import allowance from "./allowance";
import automation from "./automation";
import bubbles from "./bubbles";
import channelPages from "./channelPages";
import channelSetup from "./channelSetup";
import codes from "./codes";
import console from "./console";
import doctor from "./doctor";
import media from "./media";
import people from "./people";
import preferences from "./preferences";
import search from "./search";
import settings from "./settings";
import survey from "./survey";

export default {
  ...console,
  ...settings,
  ...search,
  ...codes,
  ...people,
  ...channelSetup,
  ...channelPages,
  ...doctor,
  ...preferences,
  ...automation,
  ...bubbles,
  ...survey,
  ...allowance,
  ...media,
};
