Creator "igraph 1.0.0"
Version 1
graph
[
  directed 1
  name "Gjeld"
  node
  [
    id 0
    name "Høy leie"
    x 1.5
    y 2
  ]
  node
  [
    id 1
    name "Gjeld"
    x -3
    y 4.25
  ]
  node
  [
    id 2
    name "Utkastelse &quot;på dagen&quot;"
    x 0
    y 0
  ]
  node
  [
    id 3
    name "Hjelp &amp; råd"
    x 2
    y -1e-07
  ]
  edge
  [
    source 0
    target 1
    sign 1
    sure 1
  ]
  edge
  [
    source 1
    target 2
    sign 1
    sure 0
  ]
  edge
  [
    source 3
    target 1
    sign -1
    sure 1
  ]
  edge
  [
    source 2
    target 3
    sign -1
    sure 1
  ]
  edge
  [
    source 1
    target 1
    sign 1
    sure 1
  ]
]
