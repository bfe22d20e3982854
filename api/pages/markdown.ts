/** A model's Markdown for a page: its HTML is shown as text, its links are the harmless kinds, its pictures are left out. */
import { Marked } from 'marked';

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const marked = new Marked({
  async: false,
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
    link({ href, tokens }) {
      const shown = this.parser.parseInline(tokens);
      return SAFE_LINK.test(href) ? `<a href="${escaped(href)}" rel="noreferrer noopener">${shown}</a>` : shown;
    },
  },
});

export const markdownHtml = (text: string): string => marked.parse(text) as string;
