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

/** For what cannot be undone; dark enough for white letters. */
const red: MantineColorsTuple = [
  "#fdeceb",
  "#fbd9d6",
  "#f5b1ab",
  "#ff9a90",
  "#e2685f",
  "#d34a40",
  "#b3261e",
  "#b3261e",
  "#8f1d17",
  "#6d1510",
];

/** Mantine's greys in the tint of our own dark theme. */
const dark: MantineColorsTuple = [
  "#e6e8eb",
  "#b9c0c8",
  "#868f99",
  "#656e78",
  "#3c434b",
  "#2a2f35",
  "#202429",
  "#181b1f",
  "#131518",
  "#0d0f11",
];

/** Fonts are chosen in global.css by the language of the page; Mantine takes the same list. */
const fontFamily = "var(--k-font)";

/** Labels above, hint below, and an error in the place of the hint. */
const inputWrapperOrder = ["label", "input", "description", "error"] as const;

export const theme = createTheme({
  respectReducedMotion: true,
  primaryColor: "jade",
  primaryShade: { light: 7, dark: 7 },
  colors: { jade, dark, red },
  fontFamily,
  headings: { fontFamily, fontWeight: "600" },
  fontSizes: { xs: "12.5px", sm: "14px", md: "15px", lg: "16px", xl: "18px" },
  defaultRadius: 6,
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    InputWrapper: {
      styles: { description: { fontSize: "12.5px" }, error: { fontSize: "12.5px" } },
    },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.4 } } },
    Menu: {
      defaultProps: {
        shadow: "md",
        radius: 8,
        position: "bottom-end",
        // The first item is focused: a placeholder is no item, and screen readers stumble over it.
        withInitialFocusPlaceholder: false,
      },
    },
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm", inputWrapperOrder } },
    PasswordInput: { defaultProps: { size: "sm", inputWrapperOrder } },
    Textarea: { defaultProps: { size: "sm", inputWrapperOrder } },
    Select: {
      defaultProps: {
        size: "sm",
        inputWrapperOrder,
        allowDeselect: false,
        checkIconPosition: "right",
      },
    },
    NativeSelect: { defaultProps: { inputWrapperOrder } },
  },
});
