// A button prints the page; a page that was made to be printed offers it by itself, once it is there.
document.addEventListener("click", (event) => event.target.closest?.("[data-t-print]") && print());
addEventListener("load", () => document.querySelector("[data-t-prints]") && print());
