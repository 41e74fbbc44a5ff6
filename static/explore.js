/* Places departments on two axes that the reader chooses. The figures are those of the table below the picture. */
"use strict";
{
  const place = document.querySelector(".explore");
  const selects = ["across", "up"].map((id) => document.getElementById(id));
  const night = matchMedia("(prefers-color-scheme: dark)");

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const text = (name, size = 13) => ({ color: colour(name), fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily });

  const offer = (select, axes, chosen) => {
    for (const axis of axes) select.add(new Option(axis.name, axis.key, false, axis.key === chosen));
  };

  const axis = (chosen, isUp) => ({
    type: "value", name: chosen.name, nameLocation: isUp ? "end" : "middle", nameGap: isUp ? 16 : 32,
    scale: Boolean(chosen.unit), min: chosen.unit ? undefined : 0, max: chosen.unit ? (found) => Math.min(100, Math.ceil(found.max / 10) * 10) : undefined,
    nameTextStyle: { ...text("ink-2"), align: isUp ? "left" : "center" },
    axisLabel: { ...text("ink-3"), formatter: `{value}${chosen.unit}` },
    axisLine: { lineStyle: { color: colour("line-strong") } }, splitLine: { lineStyle: { color: colour("grid") } },
  });

  /* Both ends of an interval, and a gap before the next. */
  const spans = (points, x, y) => points.flatMap(({ values }) => {
    const up = [[values[x][0], values[y][1]], [values[x][0], values[y][2]], [null, null]];
    const across = values[x][1] === values[x][2] ? [] : [[values[x][1], values[y][0]], [values[x][2], values[y][0]], [null, null]];
    return [...up, ...across];
  });

  const line = (name, data, type, colours = "neutral", width = 1) => ({
    type: "line", name, data, showSymbol: false, silent: true, tooltip: { show: false }, z: 1,
    lineStyle: { color: colour(colours), width, type }, endLabel: { show: Boolean(name), formatter: name, ...text("ink-3") },
  });

  const limits = ({ centre, words, curves }) => [
    line(words[0], curves.map((curve) => [curve[0], centre]), "solid", "ink"),
    line("", curves.map((curve) => [curve[0], curve[1]]), "dashed"), line(words[1], curves.map((curve) => [curve[0], curve[2]]), "dashed"),
    line("", curves.map((curve) => [curve[0], curve[3]]), "solid"), line(words[2], curves.map((curve) => [curve[0], curve[4]]), "solid"),
  ];

  const options = (data, x, y) => {
    const points = data.points.filter(({ values }) => values[x] && values[y]);
    const named = Object.fromEntries(data.axes.map((one) => [one.key, one]));
    const isFunnel = x === "people" && y === "satisfied" && data.limits;
    const isWide = place.clientWidth > 600;
    return {
      animation: false, grid: { left: 56, right: isFunnel && isWide ? 130 : 24, top: 44, bottom: 56 },
      xAxis: axis(named[x]), yAxis: axis(named[y], true),
      tooltip: {
        renderMode: "richText", trigger: "item", confine: true, backgroundColor: colour("surface"), borderColor: colour("line-strong"), textStyle: text("ink"),
        formatter: ({ data: point }) => [point.name, ...[x, y].map((key) => `${named[key].name}: ${point.told[key]}`)].join("\n"),
      },
      series: [
        ...(isFunnel ? limits(data.limits).map((one) => (isWide ? one : { ...one, endLabel: { show: false } })) : []),
        { ...line("", spans(points, x, y), "solid", "internal"), connectNulls: false },
        {
          type: "scatter", symbolSize: 12, z: 3, itemStyle: { color: colour("internal") },
          label: { show: false, position: "right", formatter: "{b}", width: 200, overflow: "truncate", textBorderColor: colour("surface"), textBorderWidth: 3, ...text("ink-2") },
          data: points.map(({ name, values }) => ({ name, value: [values[x][0], values[y][0]], told: { [x]: values[x][3], [y]: values[y][3] } })),
        },
      ],
    };
  };

  /* Name each point where its name covers neither point nor name; the others are named by pointing at them, and in the table. */
  const name = (chart, options) => {
    const [dots] = options.series.slice(-1);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `${dots.label.fontSize}px ${dots.label.fontFamily}`;
    const spots = dots.data.map(({ value }) => chart.convertToPixel({ seriesIndex: options.series.length - 1 }, value));
    const taken = spots.map(([x, y]) => [x - 7, y - 7, x + 7, y + 7]);
    const isFree = ([left, top, right, bottom]) => left > 56 && right < place.clientWidth && top > 30
      && taken.every((other) => right < other[0] || left > other[2] || bottom < other[1] || top > other[3]);
    dots.data.forEach((dot, at) => {
      const [x, y] = spots[at];
      const half = Math.min(200, pen.measureText(dot.name).width) / 2;
      const places = { right: x + 10 + half, left: x - 10 - half, top: x, bottom: x };
      for (const [position, middle] of Object.entries(places)) {
        const up = { top: -18, bottom: 18 }[position] ?? 0;
        const box = [middle - half, y + up - 8, middle + half, y + up + 8];
        if (isFree(box)) {
          taken.push(box);
          dot.label = { show: true, position };
          break;
        }
      }
    });
    chart.setOption(options, true);
  };

  const begin = (data) => {
    const [across, up] = selects;
    offer(across, data.axes, "people");
    offer(up, data.axes.filter((one) => one.key !== "people"), "satisfied");
    place.hidden = false;
    const chart = echarts.init(place.querySelector(".canvas"));
    const absent = place.querySelector(".absent");
    const draw = () => {
      chart.resize();
      const drawn = options(data, across.value, up.value);
      chart.setOption(drawn, true);
      if (place.clientWidth > 600) name(chart, drawn);
      const names = data.points.filter(({ values }) => !values[across.value] || !values[up.value]).map(({ name }) => name).concat(data.others);
      absent.hidden = !names.length;
      absent.textContent = data.absent.replace("%(departments)s", names.join(", "));
    };
    for (const select of selects) select.addEventListener("change", draw);
    night.addEventListener("change", draw);
    new ResizeObserver(draw).observe(place);
    draw();
  };

  if (place) {
    fetch(place.dataset.source).then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status))).then(begin).catch((fault) => {
      place.hidden = true;  // the table says the same
      console.error(fault);
    });
  }
}
