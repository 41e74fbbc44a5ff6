"""What a page must keep beyond what axe sees: rules that are asked inside the browser. Each returns sentences.

docs/accessibility.md says which criterion of WCAG 2.2 each rule stands for.
"""

#: Words beside the block that holds them, cut by one that hides what is too much, or outside their drawing. What may be
#: scrolled, and what only a screen reader reads, has room enough.
OUT_OF_PLACE = """() => {
    const scrolls = style => ['auto', 'scroll'].includes(style.overflowX)
    const hides = style => ['hidden', 'clip'].includes(style.overflowX)
    const told = (what, text) => `${what}: ${text.trim().slice(0, 80)}`
    const out = (box, place) => box.left < place.left - 1 || box.right > place.right + 1
    const found = new Set()
    const check = (what, text, boxes, place) => boxes.some(box => out(box, place)) && found.add(told(what, text))
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) {
        const text = words.currentNode, own = text.parentElement
        if (!text.data.trim() || !own.checkVisibility() || own.closest('.sr, .skip, option, script, style')) continue
        const range = document.createRange()
        range.selectNodeContents(text)
        const boxes = [...range.getClientRects()]
        const drawing = own.closest('svg')
        if (drawing) {
            check('out of its drawing', text.data, boxes, drawing.getBoundingClientRect())
            continue
        }
        let place = own
        while (['inline', 'contents'].includes(getComputedStyle(place).display)) place = place.parentElement
        for (let box = place; box && !scrolls(getComputedStyle(box)); box = box.parentElement) {
            if (box !== place && !hides(getComputedStyle(box))) continue
            check('out of its place', text.data, boxes, box.getBoundingClientRect())
        }
    }
    return [...found]
}"""

#: How far the page runs out of the screen (WCAG 1.4.10).
SIDEWAYS = """() => {
    const page = document.documentElement, width = page.scrollWidth - page.clientWidth
    return width > 0 ? [`${width} px sideways`] : []
}"""

#: Whether who uses keys sees where they are: a ring (WCAG 2.4.7; look.md §3: 3 px), and not wholly behind what sticks
#: to the window (WCAG 2.4.11).
_SEEN = """(element, held) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    const ringed = [element, element.parentElement, element.closest('label')].some(one => {
        if (!one) return false
        const style = getComputedStyle(one)
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    })
    const corners = [left + 1, right - 1].flatMap(x => [[x, top + 1], [x, bottom - 1]])
    const behind = held.length && [...corners, [(left + right) / 2, (top + bottom) / 2]].every(([x, y]) => {
        const on = document.elementFromPoint(x, y)
        return on && held.some(one => one.contains(on) && !one.contains(element))
    })
    const told = element.outerHTML.slice(0, 80)
    return [...ringed ? [] : [`no focus ring: ${told}`], ...behind ? [`focus behind what sticks: ${told}`] : []]
}"""
_HELD = """() => [...document.body.querySelectorAll('*')]
    .filter(one => ['sticky', 'fixed'].includes(getComputedStyle(one).position) && one.checkVisibility())"""

#: Words that stand out too little from what is behind them (WCAG 1.4.3). axe knows more and takes far longer:
#: this one is asked where axe has already seen the page in other light or at another width.
FAINT = """() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number)
    const light = ([red, green, blue]) => [0.2126 * red, 0.7152 * green, 0.0722 * blue]
    const linear = part => part <= 10.31 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4
    const luminance = colour => light(parts(colour).slice(0, 3).map(linear)).reduce((sum, part) => sum + part)
    const places = new Map([[null, null]])
    const behind = one => {
        if (!places.has(one)) {
            const { backgroundColor, backgroundImage } = getComputedStyle(one)
            const [, , , alpha = 1] = parts(backgroundColor), cannotTell = alpha > 0 && alpha < 1
            if (cannotTell || backgroundImage !== 'none' && !one.matches('.scroll')) places.set(one, null)
            else places.set(one, alpha ? backgroundColor : behind(one.parentElement))
        }
        return places.get(one)
    }
    const found = new Set(), known = new Map()
    const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (words.nextNode()) {
        const text = words.currentNode, own = text.parentElement
        if (!text.data.trim() || own.closest('.sr, .skip, svg, option, [aria-disabled]')) continue
        if (!own.checkVisibility()) continue
        const style = getComputedStyle(own), place = behind(own), size = parseFloat(style.fontSize)
        if (!place) continue
        const pair = `${style.color} on ${place}`
        if (!known.has(pair)) {
            const [darker, lighter] = [luminance(style.color), luminance(place)].sort((one, other) => one - other)
            known.set(pair, (lighter + 0.05) / (darker + 0.05))
        }
        const enough = size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5
        const ratio = known.get(pair)
        if (ratio < enough) found.add(`faint, ${ratio.toFixed(1)}: ${text.data.trim().slice(0, 60)}`)
    }
    return [...found]
}"""

#: Everything that keys reach and that is not seen when it is reached.
UNSEEN = f"""() => {{
    const held = ({_HELD})(), keys = 'a[href], button, input, select, textarea, summary, [tabindex="0"]', found = []
    for (const element of document.querySelectorAll(keys)) {{
        if (element.type === 'hidden' || element.disabled || !element.checkVisibility()) continue
        element.focus({{ focusVisible: true, preventScroll: !held.length }})
        found.push(...({_SEEN})(element, held))
    }}
    document.activeElement?.blur()
    scrollTo(0, 0)
    return found
}}"""

#: One stop of somebody who uses keys: is it the one they want, is it the way past the navigation, is it seen.
STOP = f"""target => {{
    const here = document.activeElement, {{ top, bottom }} = here.getBoundingClientRect()
    const away = bottom <= 0 || top >= innerHeight ? [`focus out of the window: ${{here.outerHTML.slice(0, 80)}}`] : []
    const unseen = here === document.body ? [] : [...({_SEEN})(here, ({_HELD})()), ...away]
    return [here === target, here.matches('.skip'), unseen]
}}"""

#: Lines, letters and words as far apart as a reader may want them (WCAG 1.4.12). A sheet made by script is not bound by
#: the page's policy.
SPREAD = """wide => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important;'
        + ' word-spacing: 0.16em !important } p { margin-bottom: 2em !important }')
    document.adoptedStyleSheets = wide ? [sheet] : []
}"""

#: What moves although its reader asked for less motion (WCAG 2.3.3; look.md §3).
MOVING = """() => {
    const still = ['0s', ''], found = new Set()
    for (const one of document.querySelectorAll('*')) for (const part of [null, '::before', '::after']) {
        const style = getComputedStyle(one, part)
        const told = `${one.localName}.${one.className.baseVal ?? one.className}${part ?? ''}`
        if (part && ['none', 'normal'].includes(style.content)) continue
        if (style.transitionDuration.split(', ').some(time => !still.includes(time))) found.add(`transition: ${told}`)
        if (style.animationName !== 'none') found.add(`animation: ${told}`)
        if (style.scrollBehavior === 'smooth') found.add(`smooth scrolling: ${told}`)
    }
    return [...found]
}"""

#: What a screen reader goes by: language, title, headings in order, named tables with heads, ids that point to words,
#: faults bound to their fields, a way past the navigation (WCAG 3.1.1, 2.4.2, 1.3.1, 3.3.1, 2.4.1).
STRUCTURE = """language => {
    const found = [], shown = selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility())
    const words = one => (one.textContent || one.getAttribute('aria-label') || '').trim()
    const told = one => one.outerHTML.slice(0, 100)
    const main = document.querySelector('main')
    if (document.documentElement.lang !== language) found.push(`lang is ${document.documentElement.lang}`)
    if (!document.title.split('·')[0].trim()) found.push(`no title: ${document.title}`)

    const levels = shown('h1, h2, h3, h4, h5, h6')
    const first = levels.filter(one => one.localName === 'h1')
    if (first.length !== 1) found.push(`${first.length} h1`)
    levels.forEach((one, at) => {
        const above = at ? Number(levels[at - 1].localName[1]) : 0
        if (Number(one.localName[1]) > above + 1) found.push(`heading out of order: ${told(one)}`)
    })

    for (const table of shown('table:not([role=presentation])')) {
        const name = table.caption ?? document.getElementById(table.getAttribute('aria-labelledby')) ?? table
        if (name === table ? !table.ariaLabel : !words(name)) found.push(`table without a name: ${told(table)}`)
        if (!table.querySelector('th')) found.push(`table without heads: ${told(table)}`)
    }

    const spoken = ['aria-describedby', 'aria-labelledby', 'aria-errormessage']
    for (const attribute of [...spoken, 'aria-controls', 'aria-owns', 'for', 'form', 'headers', 'list'])
        for (const one of document.querySelectorAll(`[${attribute}]`))
            for (const id of one.getAttribute(attribute).trim().split(/\\s+/)) {
                const other = document.getElementById(id)
                if (!other) found.push(`${attribute} points nowhere: ${told(one)}`)
                else if (spoken.includes(attribute) && !words(other)) found.push(`${attribute} without words: ${id}`)
            }
    for (const link of document.querySelectorAll('a[href^="#"]'))
        if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) found.push(`leads nowhere: ${told(link)}`)
    const ids = [...document.querySelectorAll('[id]')].map(one => one.id)
    for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) found.push(`id twice: ${id}`)

    for (const field of shown('[aria-invalid=true]'))
        if (!field.closest('fieldset[aria-describedby]') && !field.ariaDescribedByElements?.length)
            found.push(`fault without words: ${told(field)}`)
    for (const fault of shown('.field .msg'))
        if (!document.querySelector(`[aria-describedby~="${fault.id || '-'}"]`))
            found.push(`loose fault: ${told(fault)}`)

    const skip = document.querySelector('a[href], button, input:not([type=hidden])')
    if (document.querySelector('header nav') && !(skip.matches('.skip') && main?.id === skip.hash.slice(1)))
        found.push(`no way past the navigation: ${told(skip)}`)
    for (const joint of document.body.innerText.match(/\\S*\\p{Ll}[.!?]\\p{Lu}\\p{Ll}\\S*/gu) ?? [])
        found.push(`no space between sentences: ${joint}`)
    return found
}"""

#: What is drawn to be pressed and is smaller than 24 by 24 px (WCAG 2.5.8). A label belongs to its box; links among
#: words are as high as their line, and axe looks whether they stand far enough from each other.
SMALL = """() => {
    const found = []
    for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button]')) {
        const style = getComputedStyle(one)
        if (one.type === 'hidden' || style.display === 'inline' && one.localName === 'a') continue
        if (!one.checkVisibility({ visibilityProperty: true }) || one.closest('.skip')) continue
        const boxes = [one, ...one.labels ?? []].map(part => part.getBoundingClientRect())
        const [width, height] = ['width', 'height'].map(side => Math.round(Math.max(...boxes.map(box => box[side]))))
        if (width < 24 || height < 24) found.push(`${width} x ${height} px: ${one.outerHTML.slice(0, 80)}`)
    }
    return found
}"""

#: The page in several languages at the present width. A page that is only shown is fetched in each language, once, and
#: its body is put into the place of the one that is there; the head differs in title and language only.
IN_LANGUAGES = f"""async languages => {{
    const sideways = {SIDEWAYS}, outOfPlace = {OUT_OF_PLACE}
    const bodies = window.bodiesOfTests ??= {{ [document.documentElement.lang]: document.body }}
    const found = []
    for (const language of languages) {{
        if (!bodies[language]) {{
            const address = new URL(location.href)
            address.searchParams.set('lang', language)
            const there = new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html')
            if (there.documentElement.lang !== language) found.push(`not in ${{language}}`)
            there.querySelectorAll('details').forEach(folded => {{ folded.open = true }})
            bodies[language] = document.adoptNode(there.body)
        }}
        document.documentElement.lang = language
        document.body = bodies[language]
        found.push(...[...sideways(), ...outOfPlace()].map(told => `${{language}}: ${{told}}`))
    }}
    return found
}}"""
