-- One request over and over: the one named in LOAD_REQUEST.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local it

function init()
    it = fixed(os.getenv("LOAD_REQUEST"))
end

function request()
    return it
end
