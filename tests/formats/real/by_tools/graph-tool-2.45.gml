graph [
   directed 1
   title "Gjeld"
   node [
      id 0
      _pos "1.5, 2"
      name "Høy leie"
   ]
   node [
      id 1
      _pos "-3, 4.25"
      name "Gjeld"
   ]
   node [
      id 2
      _pos "0, 0"
      name "Utkastelse \"på dagen\""
   ]
   node [
      id 3
      _pos "2, -1"
      name "Hjelp & råd"
   ]
   edge [
      id 0
      source 0
      target 1
      sign "+"
      weight 1
   ]
   edge [
      id 1
      source 1
      target 2
      sign "+"
      weight 0.5
   ]
   edge [
      id 2
      source 1
      target 1
      sign "+"
      weight 1
   ]
   edge [
      id 3
      source 2
      target 3
      sign "-"
      weight 0.25
   ]
   edge [
      id 4
      source 3
      target 1
      sign "-"
      weight 2
   ]
]
