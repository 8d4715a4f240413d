/** Dialogs and questions: the focus stays inside, Escape closes, the focus returns to where it was. */
import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog } from '@base-ui/react/dialog';
import { type ReactNode, useRef } from 'react';
import { Button } from './Button';
import { Problem } from './Say';

const backdrop = 'fixed inset-0 bg-black/50';
const popup =
  'comes fixed top-1/2 left-1/2 flex max-h-[90vh] max-w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-dialog border border-line bg-card';

/** A form or facts in front of the screen. Content scrolls, `foot` stays. */
export function Modal(props: {
  readonly title: string;
  readonly onClose: () => void;
  /** For lines that are long by nature: differences, paths. */
  readonly isWide?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => (isOpen ? undefined : props.onClose())}
      disablePointerDismissal
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${popup} ${props.isWide === true ? 'w-[720px]' : 'w-[520px]'}`}>
          <Dialog.Title className="shrink-0 px-5 pt-4 pb-3 text-head font-semibold">
            {props.title}
          </Dialog.Title>
          {props.children}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The scrolling middle of a dialog. */
export function ModalBody({ children }: { readonly children: ReactNode }) {
  return <div className="flex min-h-0 flex-col gap-3 overflow-auto px-5 pb-4">{children}</div>;
}

/** How the last attempt ended, between form and answers, so that it is in sight however far the form was scrolled. */
export function ModalNews({ problem, children }: { readonly problem: string; readonly children: string }) {
  return (
    <div className={problem === '' && children === '' ? '' : 'max-h-[25vh] shrink-0 overflow-auto px-5 pb-3'}>
      <Problem>{problem}</Problem>
      <p role="status" className="text-good empty:hidden">
        {children}
      </p>
    </div>
  );
}

/** The answers, always in sight. */
export function ModalFoot({ children }: { readonly children: ReactNode }) {
  return (
    <div className="flex shrink-0 flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
      {children}
    </div>
  );
}

/** A question before something that cannot be undone. The safe answer has the focus. */
export function Question(props: {
  readonly title: string;
  readonly no: string;
  readonly yes: string;
  readonly problem?: string;
  readonly disabled?: boolean;
  readonly onNo: () => void;
  readonly onYes: () => void;
  readonly children: ReactNode;
}) {
  const no = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open onOpenChange={(isOpen) => (isOpen ? undefined : props.onNo())}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdrop} />
        <AlertDialog.Popup className={`${popup} w-[520px]`} initialFocus={no}>
          <AlertDialog.Title className="shrink-0 px-5 pt-4 pb-3 text-head font-semibold">
            {props.title}
          </AlertDialog.Title>
          <ModalBody>
            <AlertDialog.Description render={<div />} className="flex flex-col gap-3">
              {props.children}
            </AlertDialog.Description>
            <Problem>{props.problem ?? ''}</Problem>
          </ModalBody>
          <ModalFoot>
            <Button ref={no} showsFocus onClick={props.onNo}>
              {props.no}
            </Button>
            <Button kind="destroy" disabled={props.disabled ?? false} onClick={props.onYes}>
              {props.yes}
            </Button>
          </ModalFoot>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
