//! Exchanges the token for a cookie that only this server reads.

const form = document.getElementById("sign-in");
const field = document.getElementById("token");
const said = document.getElementById("said");

async function signIn(token) {
  said.textContent = "";
  try {
    const response = await fetch("/api/sign-in", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (response.ok) {
      location.replace("/");
      return;
    }
    const { error } = await response.json();
    said.textContent = `${error.message}. ${error.remedy || ""}`;
  } catch {
    said.textContent = "The server can't be reached.";
  }
  field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(field.value.trim());
});

// The address that the program printed carries the token after its hash, which no server ever sees.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  history.replaceState(null, "", "/");
  signIn(given);
} else {
  field.focus();
}
