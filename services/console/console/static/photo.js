// Shows the chosen photo.
const input = document.getElementById("photo");
const preview = document.querySelector("[data-preview]");

input.addEventListener("change", () => {
  const file = input.files[0];
  if (preview.src) URL.revokeObjectURL(preview.src);
  preview.hidden = !file;
  if (file) preview.src = URL.createObjectURL(file);
});
preview.addEventListener("error", () => {
  preview.hidden = true;
});
