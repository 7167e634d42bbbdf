graph [
directed 1
version 2
node [
id 0
label "Høy leie"
graphics [
x 1.5
y 2
z 0
h 1
w 1
d 1
type "rectangle"
width 0.12
fill "#ff0000"
outline "#000000"
     ]
]
node [
id 1
label "Gjeld"
graphics [
x -3
y 4.25
z 0
h 1
w 1
d 1
type "rectangle"
width 0.12
fill "#ff0000"
outline "#000000"
     ]
]
node [
id 2
label "Utkastelse \"på dagen\""
graphics [
x 0
y 0
z 0
h 1
w 1
d 1
type "rectangle"
width 0.12
fill "#ff0000"
outline "#000000"
     ]
]
node [
id 3
label "Hjelp"
graphics [
x 2
y -1
z 0
h 1
w 1
d 1
type "rectangle"
width 0.12
fill "#ff0000"
outline "#000000"
     ]
]
edge [
source 0
target 1
id 0
label "+"
graphics [
type "line"
arrow "last"
width 0.1
Line [
]
]
]
edge [
source 1
target 2
id 1
label "+"
graphics [
type "line"
arrow "last"
width 0.1
Line [
]
]
]
edge [
source 3
target 1
id 2
label "-"
graphics [
type "line"
arrow "last"
width 0.1
Line [
]
]
]
edge [
source 2
target 3
id 3
label "-"
graphics [
type "line"
arrow "last"
width 0.1
Line [
]
]
]
]
