/* The browser's side of wickedmap/web/native.py: draws one native element, or a whole tree of them.
   The two lists are the same as there. A page's data may be forged, so they are checked here too. */
(function () {
  "use strict";

  var TAGS = new Set(("a abbr article aside b bdi blockquote br button caption cite code col colgroup data dd del " +
    "details dfn dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr i img " +
    "input ins kbd label legend li main mark meter nav ol optgroup option output p pre progress q s samp search " +
    "section select small span strong sub summary sup table tbody td textarea tfoot th thead time tr u ul var wbr " +
    "svg circle clipPath defs desc ellipse g line linearGradient marker path pattern polygon polyline rect stop " +
    "symbol text title tspan use").split(" "));
  var ATTRIBUTES = new Set(("accept action alt autoCapitalize autoComplete autoFocus className colSpan cols dateTime " +
    "decoding defaultChecked defaultValue dir disabled download encType enterKeyHint form headers height hidden high " +
    "href htmlFor id inert inputMode label labelKey lang list loading low max maxLength method min minLength multiple " +
    "name noValidate open optimum ownIds pattern placeholder readOnly rel required reversed role rowSpan rows scope " +
    "size span spellCheck src start step style tabIndex target textKey title translate type value width wrap clipPath " +
    "cx cy d dominantBaseline dx dy fill fillOpacity fillRule focusable fontSize fontWeight gradientTransform " +
    "markerEnd markerHeight markerMid markerStart markerUnits markerWidth offset opacity orient patternTransform " +
    "patternUnits points preserveAspectRatio r refX refY rx ry stopColor stroke strokeDasharray strokeLinecap " +
    "strokeLinejoin strokeOpacity strokeWidth textAnchor transform vectorEffect viewBox x x1 x2 y y1 y2").split(" "));
  var WILDCARD = /^(?:data|aria)-[a-z][a-z0-9-]*$/;
  var OWN_PATH = /^(?:\/(?!\/)|#|\?)[^\x00-\x20\\]*$/;
  var PICTURE = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,][^\x00-\x1f]*$/;
  var LOCAL = new Set(["id", "htmlFor", "list", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details"]);
  var VOID = new Set(["br", "col", "hr", "img", "input", "wbr"]);

  var texts = null;
  function text(key) {
    if (!texts) {
      var node = document.getElementById("wm-texts");
      texts = node ? JSON.parse(node.textContent) : {};
    }
    return texts[key] || "";
  }

  // React is there when the first element is drawn, not yet when this file is read.
  var Scope = null;
  function scopes() {
    if (!Scope) Scope = window.React.createContext("wm");
    return Scope;
  }

  function local(value, scope) {
    return String(value).split(" ").map(function (id) {
      return id.charAt(0) === "~" ? scope + "-" + id.slice(1) : id;
    }).join(" ");
  }

  function safe(tag, name, value) {
    if (name === "href" || name === "action") return typeof value === "string" && OWN_PATH.test(value);
    if (name === "src") return typeof value === "string" && tag === "img" && (OWN_PATH.test(value) || PICTURE.test(value));
    if (name === "style") {
      return value !== null && typeof value === "object" && Object.keys(value).every(function (key) {
        var one = value[key];
        return typeof one === "number" || (typeof one === "string" && one.toLowerCase().indexOf("url(") < 0);
      });
    }
    if (name === "defaultValue" && Array.isArray(value)) {
      return value.every(function (one) { return typeof one === "string"; });
    }
    return value === null || typeof value !== "object";
  }

  function draw(tag, attributes, children, scope) {
    if (!TAGS.has(tag)) return null;
    var props = {};
    Object.keys(attributes || {}).forEach(function (name) {
      var value = attributes[name];
      if (!(ATTRIBUTES.has(name) || WILDCARD.test(name)) || !safe(tag, name, value)) return;
      if (name === "ownIds") return;
      if (name === "labelKey") props["aria-label"] = text(value);
      else if (name === "textKey") children = [text(value)];
      else props[name] = LOCAL.has(name) ? local(value, scope) : value;
    });
    // What is drawn anew under the same key stays the same element, wherever it has moved to in its list.
    if (props["data-key"] !== undefined) props.key = props["data-key"];
    if (VOID.has(tag)) return window.React.createElement(tag, props);
    return window.React.createElement.apply(null, [tag, props].concat(children));
  }

  function fromTree(node, scope) {
    if (typeof node === "string") return node;
    if (!Array.isArray(node) || typeof node[0] !== "string") return null;
    var attributes = node[1] || {};
    if (attributes.ownIds && !node.scoped) return window.React.createElement(Piece, { node: node, key: attributes["data-key"] });
    return draw(node[0], attributes, node.slice(2).map(function (child) { return fromTree(child, scope); }), scope);
  }

  // A part of a tree with ids of its own.
  function Piece(props) {
    var scope = window.React.useId();
    var node = props.node.slice();
    node.scoped = true;
    return fromTree(node, scope);
  }

  function Native(props) {
    var React = window.React;
    var outer = React.useContext(scopes());
    var own = React.useId();
    if (props.tree) return fromTree(props.tree, outer);
    var attributes = props.attributes || {};
    var scope = attributes.ownIds ? own : outer;
    if (props.id) {
      attributes = Object.assign({ id: typeof props.id === "string" ? props.id : JSON.stringify(props.id) }, attributes);
    }
    var children = props.children === undefined || props.children === null ? [] : [].concat(props.children);
    var drawn = draw(props.tag, attributes, children, scope);
    return attributes.ownIds ? React.createElement(scopes().Provider, { value: own }, drawn) : drawn;
  }

  window.wickedmap_elements = { Native: Native };
})();
