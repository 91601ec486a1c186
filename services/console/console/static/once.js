// A form is sent once; the button says that it is under way.
for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    if (event.submitter?.hasAttribute("formaction")) return;
    form.dataset.sent = "yes";
    const button = form.querySelector("button[type=submit]");
    button.textContent = form.dataset.once;
    button.setAttribute("aria-disabled", "true");
  });
}
// Back from another page: the browser may show this one as it was left.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
