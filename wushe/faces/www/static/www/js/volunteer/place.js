// Where the phone is, asked only when the button is pressed; without an answer the form goes as it is and the server says why not.
const PATIENCE = { enableHighAccuracy: true, timeout: 8000, maximumAge: 15000 };

export default function place(form) {
  let asked = false;
  form.addEventListener("submit", (event) => {
    if (asked || !navigator.geolocation) return;
    event.preventDefault();
    asked = true;
    const said = form.querySelector("[data-said]");
    if (said) said.textContent = "正在看您在哪里……";
    const go = () => form.requestSubmit();
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      for (const name of ["longitude", "latitude", "accuracy"]) form.elements[name].value = coords[name];
      go();
    }, go, PATIENCE);
  });
}
