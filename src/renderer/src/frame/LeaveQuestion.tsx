/** Asked when one wants to go elsewhere while policies are changed and not saved. */
import { Question } from '../parts/Modal';
import { leaveTo, useView } from '../stores/view';

export function LeaveQuestion() {
  const leavingTo = useView((view) => view.leavingTo);
  if (leavingTo === undefined) return null;
  return (
    <Question
      title="Leave without saving?"
      no="Stay"
      yes="Leave and discard"
      onNo={() => useView.setState({ leavingTo: undefined })}
      onYes={() => leaveTo(leavingTo)}
    >
      <p>Your changes of the policies are not saved yet. Agents keep the saved policies.</p>
    </Question>
  );
}
