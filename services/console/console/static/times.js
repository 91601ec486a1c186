// Times are written in the district's zone; for a reader in another zone they are written anew in
// theirs, with a note, when the two differ.
const theirs = Intl.DateTimeFormat().resolvedOptions().timeZone;
const { zone, yourTime } = document.body.dataset;

function offset(when, timeZone) {
  return new Date(when.toLocaleString("en-US", { timeZone })).getTime();
}

for (const shown of document.querySelectorAll("time[datetime]")) {
  const when = new Date(shown.dateTime);
  if (offset(when, zone) !== offset(when, theirs)) {
    const form = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    shown.title = shown.textContent + " (" + zone + ")";
    shown.textContent = form.format(when) + " (" + yourTime + ")";
  }
}
