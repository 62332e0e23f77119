// Sends one picture or file to the desk. Gives what the desk says of it: its path and address, or what is `wrong`.
export async function upload(file, { most, large, failed }) {
  if (file.size > Number(most)) return { wrong: [large] };
  const form = new FormData();
  form.append("file", file, file.name);
  try {
    const answer = await fetch("/.preview/pictures/add", { method: "POST", body: form, headers: { Accept: "application/json" } });
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : { wrong: [await answer.text()] };
    return answer.ok || told.wrong ? told : { wrong: [failed] };
  } catch {
    return { wrong: [failed] };
  }
}
