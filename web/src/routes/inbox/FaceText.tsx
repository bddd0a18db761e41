/** A text with WeChat's faces drawn. What is selected and copied is the text as it was written. */
import { Fragment } from "react";
import { pieces } from "./faces";

export function FaceText({ text }: { text: string }) {
  return pieces(text).map(({ text: part, face }, index) =>
    face ? (
      <span key={index} className="face" title={face.name} data-testid="face">
        <span aria-hidden="true" className="face-glyph" data-glyph={face.emoji} />
        <span className="face-code">{part}</span>
      </span>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
