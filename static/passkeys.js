// Asks the device for a passkey when the form is sent, and sends its answer along.
const form = document.querySelector("form[data-passkey]")
const isNew = form.dataset.passkey === "create"

form.addEventListener("submit", async event => {
  event.preventDefault()
  form.querySelector("[data-failed]").hidden = true
  try {
    const options = JSON.parse(form.dataset.options)
    const credential = isNew
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    form.elements.credential.value = JSON.stringify(credential)
    form.submit()
  } catch {
    form.querySelector("[data-failed]").hidden = false
  }
})
