// Who is named in a comment: what offers people is fetched with the first @ that is typed.
import { composing } from "./ready.js";

let part; // once it is there it looks before the next key counts

function look(event) {
  const field = event.target;
  if (!field.dataset?.tNaming || composing(event) || !/[@＠]/.test(field.value)) return;
  if (part) part.look(field);
  else import("./later/naming.js").then((came) => (part = came).look(field), () => {});
}

document.addEventListener("input", look);
document.addEventListener("compositionend", look);
