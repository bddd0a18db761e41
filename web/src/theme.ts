/** The look: one accent, greys for the rest, fonts of the system in the form the page's language wants. */
import { createTheme, type MantineColorsTuple } from "@mantine/core";

const jade: MantineColorsTuple = [
  "#eaf6f1",
  "#d5ede3",
  "#aadac8",
  "#7cc7ab",
  "#55b793",
  "#359f7b",
  "#1d8565",
  "#12715b",
  "#0d5c4a",
  "#094539",
];

/** Fonts are chosen in global.css by the language of the page; Mantine takes the same list. */
const fontFamily = "var(--k-font)";

/** Labels above, hint below, and an error in the place of the hint. */
const inputWrapperOrder = ["label", "input", "description", "error"] as const;

export const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: "jade",
  primaryShade: { light: 7, dark: 7 },
  colors: { jade },
  fontFamily,
  headings: { fontFamily, fontWeight: "600" },
  fontSizes: { xs: "12px", sm: "12.5px", md: "14px", lg: "15px", xl: "18px" },
  defaultRadius: 6,
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Menu: { defaultProps: { shadow: "md", radius: 8, position: "bottom-end" } },
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm", inputWrapperOrder } },
    PasswordInput: { defaultProps: { size: "sm", inputWrapperOrder } },
    Select: {
      defaultProps: {
        size: "sm",
        inputWrapperOrder,
        allowDeselect: false,
        checkIconPosition: "right",
      },
    },
    MultiSelect: { defaultProps: { size: "sm", inputWrapperOrder } },
  },
});
