// Who is named in a comment: what offers people is fetched with the first @ that is typed.
import { composing } from "./ready.js";

function look(event) {
  const field = event.target;
  if (!field.dataset?.tNaming || composing(event) || !/[@＠]/.test(field.value)) return;
  import("./later/naming.js").then((part) => part.look(field), () => {});
}

document.addEventListener("input", look);
document.addEventListener("compositionend", look);
