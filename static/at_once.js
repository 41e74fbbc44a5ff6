// Presses the one button of a page for its reader; without this it waits for them.
document.querySelector("form[data-at-once]").submit()
