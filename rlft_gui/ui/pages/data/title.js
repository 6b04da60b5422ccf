// The title of the page while all datasets are looked at; one of them has a title of its own.
import {asked} from '../../components/address.js';
import {link} from '../../components/button.js';
import {nothing, render} from '../../components/html.js';
import {pageTitle} from '../../components/page_title.js';

const TEXT = 'What runs can learn from: built in, added as files, or made by runs.';

/** @param {import('../../components/mount.js').Part} part */
export default function start({root}) {
  const acts = link('/new', 'New pipeline', 'rl-btn primary');
  render(asked().get('id') ? nothing : pageTitle({title: 'Data', text: TEXT, acts}), root);
}
