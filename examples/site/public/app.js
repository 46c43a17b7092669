const answer = await fetch("/api/time");
const { now } = await answer.json();
document.querySelector("#time").textContent = new Date(now).toLocaleTimeString();
