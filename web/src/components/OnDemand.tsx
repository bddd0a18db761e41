/** Parts that are loaded when they are first wanted: menus and dialogs stay out of the first load. */
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from "react";

/** A part that appears once `when` is first true, and then stays, so that it can close gracefully. */
export function OnDemand({ when, children }: { when: boolean; children: ReactNode }) {
  const [wanted, setWanted] = useState(when);
  if (when && !wanted) setWanted(true);
  return wanted ? <Suspense fallback={null}>{children}</Suspense> : null;
}

export interface MenuTrigger {
  className: string;
  label: string;
  testId: string;
  children: ReactNode;
}

/**
 * A menu whose button is there at once and whose items come with the first press. The loaded menu
 * draws the same button and opens itself.
 */
export function menuOnDemand<Props extends object>(
  load: () => Promise<ComponentType<Props & { trigger: MenuTrigger }>>,
) {
  const Loaded = lazy(async () => ({ default: await load() }));
  return function MenuOnDemand({ trigger, ...rest }: Props & { trigger: MenuTrigger }) {
    const [wanted, setWanted] = useState(false);
    const button = (
      <TriggerButton
        {...trigger}
        onClick={() => setWanted(true)}
        onPointerEnter={() => void load()}
      />
    );
    if (!wanted) return button;
    return (
      <Suspense fallback={button}>
        <Loaded trigger={trigger} {...(rest as unknown as Props)} />
      </Suspense>
    );
  };
}

type ButtonProps = MenuTrigger & React.ComponentPropsWithRef<"button">;

export function TriggerButton({ label, testId, children, ...rest }: ButtonProps) {
  return (
    <button type="button" aria-haspopup="menu" aria-label={label} data-testid={testId} {...rest}>
      {children}
    </button>
  );
}
