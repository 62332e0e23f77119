// How far a publication is: asks the desk once a second, and loads the page again at its end.
const share = document.querySelector("#share");
const said = document.querySelector("#said");

async function look() {
  let told;
  try {
    told = await (await fetch("/.preview/publish/steps")).json();
  } catch {
    return setTimeout(look, 3000); // the desk is away: what goes on, goes on without it
  }
  if (!told.busy) return location.reload();
  for (const [name, [state, words]] of Object.entries(told.steps)) {
    const step = document.querySelector(`[data-step="${name}"]`);
    step.dataset.state = state;
    step.querySelector(".state").textContent = words;
  }
  share.hidden = told.share === null;
  if (told.share !== null) share.value = told.share;
  if (said.textContent !== told.said) said.textContent = told.said;
  return setTimeout(look, 1000);
}

look();
