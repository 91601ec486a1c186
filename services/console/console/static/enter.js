// A receipt's QR code leads here with the code behind "#", which is never sent in an address: it is
// taken out of the address and sent in the form.
const code = decodeURIComponent(location.hash.slice(1));
if (/^[0-9A-Za-z -]{13,20}$/.test(code)) {
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("receipt").value = code;
  document.getElementById("enter").requestSubmit();
}
