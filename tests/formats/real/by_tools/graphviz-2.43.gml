graph [
  version 2
  directed 1
  bb "0,0,300.14,283"
  node [
    id 0
    name "rent"
    label "Høy leie"
    graphics [
      x 250.39
      y 265
      w 97.488
      H 36
    ]
    LabelGraphics [
      text "Høy leie"
    ]
  ]
  node [
    id 1
    name "debt"
    label "Gjeld"
    graphics [
      x 203.39
      y 178
      w 70.1935
      H 36
    ]
    LabelGraphics [
      text "Gjeld"
    ]
  ]
  node [
    id 2
    name "evict"
    label "Utkastelse "på dagen""
    graphics [
      x 114.39
      y 91
      w 228.78
      H 36
    ]
    LabelGraphics [
      text "Utkastelse "på dagen""
    ]
  ]
  node [
    id 3
    name "help"
    label "Hjelp"
    graphics [
      x 264.39
      y 18
      w 71.4938
      H 36
    ]
    LabelGraphics [
      text "Hjelp"
    ]
  ]
  edge [
    id 1
    source 0
    target 1
    label "+"
    lp "236.89,221.5"
    graphics [
      Line [
        point [ x 241.1 y 247.21 ]
        point [ x 234.37 y 235.02 ]
        point [ x 225.13 y 218.32 ]
        point [ x 217.48 y 204.49 ]
        point [ x 212.5 y 195.47 ]
      ]
    ]
    LabelGraphics [
      text "+"
    ]
  ]
  edge [
    id 2
    source 1
    target 1
    label "+"
    lp "262.99,178"
    graphics [
      Line [
        point [ x 235.01 y 185.86 ]
        point [ x 246.79 y 186.12 ]
        point [ x 256.49 y 183.5 ]
        point [ x 256.49 y 178 ]
        point [ x 256.49 y 174.22 ]
        point [ x 251.9 y 171.8 ]
        point [ x 245.21 y 170.74 ]
        point [ x 235.01 y 170.14 ]
      ]
    ]
    LabelGraphics [
      text "+"
    ]
  ]
  edge [
    id 3
    source 1
    target 2
    label "+"
    lp "170.89,134.5"
    graphics [
      Line [
        point [ x 187.48 y 161.8 ]
        point [ x 174.19 y 149.12 ]
        point [ x 155.02 y 130.8 ]
        point [ x 139.64 y 116.11 ]
        point [ x 131.99 y 108.81 ]
      ]
    ]
    LabelGraphics [
      text "+"
    ]
  ]
  edge [
    id 4
    source 2
    target 3
    lp ""
    graphics [
      Line [
        point [ x 148.8 y 73.711 ]
        point [ x 174.59 y 61.506 ]
        point [ x 209.54 y 44.965 ]
        point [ x 234.23 y 33.275 ]
        point [ x 239.03 y 31.005 ]
      ]
      targetArrow "tee"
    ]
  ]
  edge [
    id 5
    source 3
    target 0
    label "-"
    lp "284.89,134.5"
    graphics [
      Line [
        point [ x 268.79 y 36.018 ]
        point [ x 271.04 y 45.925 ]
        point [ x 278.64 y 80.851 ]
        point [ x 288.77 y 143.52 ]
        point [ x 278.39 y 196 ]
        point [ x 274.77 y 214.29 ]
        point [ x 266.17 y 233.83 ]
        point [ x 259.45 y 247.25 ]
      ]
      arrow "last"
    ]
    LabelGraphics [
      text "-"
    ]
  ]
  edge [
    id 6
    source 3
    target 1
    label "-"
    lp "251.89,91"
    graphics [
      Line [
        point [ x 260.26 y 35.881 ]
        point [ x 255.56 y 54.189 ]
        point [ x 247.25 y 84.131 ]
        point [ x 237.39 y 109 ]
        point [ x 231.65 y 123.47 ]
        point [ x 223.98 y 139.04 ]
        point [ x 217.38 y 151.63 ]
        point [ x 212.59 y 160.6 ]
      ]
    ]
    LabelGraphics [
      text "-"
    ]
  ]
]
