// Reads [{ source, texts }] on standard input; answers for each text whether the expression, without
// flags, finds something in it, and how long JavaScript says it is: [[[true, 3], …], …].
const rows = JSON.parse(require("fs").readFileSync(0, "utf8"));
const answers = rows.map(({ source, texts }) => {
  const expression = new RegExp(source);
  return texts.map((text) => [expression.test(text), text.length]);
});
process.stdout.write(JSON.stringify(answers));
