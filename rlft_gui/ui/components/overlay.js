/* eslint-disable */
// @ts-nocheck
// What lies above a plot as HTML: labels with glyphs at the ends of lines, alarm marks, and the words of an
// empty
// chart. Placed anew after every plot from Plotly's own axes.
import {el} from './dom.js';
import {empty as rlEmpty, glyph, icon, skeleton} from './marks.js';

const LABEL_HEIGHT = 20;

export const overlay = (holder, plot) => {
  const layer = el('div', {class: 'rl-over'}),
    nothing = el('div', {class: 'rl-over-empty', hidden: true});
  holder.append(layer, nothing);

  function place({ends, alarms}) {
    const full = plot._fullLayout;
    if (!full?.xaxis?._length) return;
    const {xaxis, yaxis} = full,
      left = xaxis._offset,
      top = yaxis._offset,
      right = left + xaxis._length,
      bottom = top + yaxis._length;
    layer.replaceChildren(...endLabels(ends), ...alarmMarks(alarms));

    function endLabels(ends) {
      const placed = ends.map(end => ({...end, top: top + yaxis.d2p(end.y)})).sort((a, b) => a.top - b.top);
      let before = top - LABEL_HEIGHT;
      for (const label of placed) {
        label.top = before = Math.max(Math.min(label.top, bottom), before + LABEL_HEIGHT);
      }
      const over = Math.max(0, before - bottom - 12); // too many at the bottom: move all up
      return placed.map(label =>
        el(
          'span',
          {class: 'rl-end', style: `left:${right + 10}px;top:${label.top - over}px`, 'aria-hidden': 'true'},
          glyph(label.method),
          el('span', {class: 'rl-end-name'}, label.title ?? label.name),
          label.tail && el('span', {}, label.tail),
          el('b', {}, label.words),
        ),
      );
    }
    function alarmMarks(alarms) {
      const seen = alarms
        .map(alarm => ({...alarm, left: left + xaxis.d2p(alarm.step)}))
        .filter(alarm => alarm.left >= left && alarm.left <= right);
      return seen.map(alarm => {
        const side = alarm.left < left + 70 ? 'start' : alarm.left > right - 70 ? 'end' : 'mid';
        return el(
          'a',
          {
            class: `rl-amark ${side}`,
            href: '#alarms',
            style: `left:${alarm.left}px;top:0`,
            title: alarm.message,
          },
          icon('warn'),
          el('span', {}, `${alarm.words}, step ${alarm.step}`),
        );
      });
    }
  }
  return {
    place,
    isEmpty: () => !nothing.hidden,
    // Words of an empty chart as [title, text, …more], "loading", or null for a chart with points.
    empty(words) {
      nothing.hidden = !words;
      if (!words) return;
      nothing.replaceChildren(words === 'loading' ? skeleton(30, 90, 75) : rlEmpty(...words));
      layer.replaceChildren();
    },
  };
};
