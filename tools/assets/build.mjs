// Builds what npm packages do not ship in the shape the product needs. Run by tools/vendor_assets.py: node build.mjs OUT
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import * as sass from "sass";

const out = process.argv[2];

await esbuild.build({
  entryPoints: ["echarts.entry.js"],
  outfile: join(out, "echarts.js"),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
});

const style = sass.compile("bootstrap.scss", {
  loadPaths: ["node_modules"], style: "compressed", quietDeps: true, logger: sass.Logger.silent,
});
await writeFile(join(out, "bootstrap.css"), style.css + "\n");

// One sprite of the icons named in icons.txt; a symbol's id is the icon's name.
const names = (await readFile("icons.txt", "utf8")).split(/\s+/).filter(Boolean).sort();
const symbols = await Promise.all([...new Set(names)].map(async (name) => {
  const svg = await readFile(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
  const shapes = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"))
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/, "").replace(/\s*\n\s*/g, "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
}));
await writeFile(
  join(out, "icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
);
