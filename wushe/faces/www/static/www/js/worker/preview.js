// A form as a phone shows it, to be tried out: nothing is kept.

export default async function mount(box) {
  const forms = await import(new URL(box.dataset.forms, document.baseURI).href);
  const questions = JSON.parse(document.getElementById(box.dataset.questions).textContent);
  const answers = {};
  const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  const tell = () => {
    const { score } = forms.examine(questions, answers, today);
    box.querySelector("[data-score]").textContent = score ? `得分：${score}` : "";
  };
  forms.draw(box.querySelector("[data-box]"), questions, answers, { changed: tell, today, takePhoto: async () => crypto.randomUUID() });
}
