// Warns before the session ends, and asks for more time. Without scripts, a link on the page does that.
(() => {
  const dialog = document.getElementById("timeout-warning");
  if (!dialog || typeof dialog.showModal !== "function") return;
  const left = document.getElementById("timeout-left");
  const lasts = Number(dialog.dataset.lasts) * 1000;
  const warning = Number(dialog.dataset.warning) * 1000;
  let end = Date.now() + lasts;

  const words = (seconds) => {
    const minutes = Math.ceil(seconds / 60);
    if (seconds > 60) return `${minutes} minutes`;
    return seconds === 1 ? "1 second" : `${seconds} seconds`;
  };

  const look = () => {
    const rest = end - Date.now();
    if (rest <= 0) {
      window.location.assign(dialog.dataset.over);
      return;
    }
    if (rest <= warning) {
      // Minute by minute, then in the last one every fifteen seconds: a screen reader reads each change.
      const seconds = Math.ceil(rest / 1000);
      const text = words(seconds > 60 ? seconds : Math.ceil(seconds / 15) * 15);
      if (left.textContent !== text) left.textContent = text;
      if (!dialog.open) dialog.showModal();
    }
  };

  const carryOn = async () => {
    const answer = await fetch(dialog.dataset.extend, { credentials: "same-origin" });
    // Sent elsewhere: the session ended in between.
    if (answer.redirected || !answer.ok) {
      window.location.assign(dialog.dataset.over);
      return;
    }
    end = Date.now() + lasts;
    if (dialog.open) dialog.close();
  };

  document.getElementById("timeout-extend").addEventListener("click", carryOn);
  // Escape says the same as the button.
  dialog.addEventListener("cancel", carryOn);
  setInterval(look, 1000);
})();
