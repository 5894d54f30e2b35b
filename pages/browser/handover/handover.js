/* The question whether to open one's runs in this browser: what stands behind the link's # goes into the form. */

const token = location.hash.slice(1);
const field = document.querySelector("input[name=token]");
const button = document.querySelector("button");
if (field instanceof HTMLInputElement && button) {
  field.value = token;
  button.disabled = !token;
}
// Nobody who looks at the address later can use it.
history.replaceState(null, "", location.pathname);
