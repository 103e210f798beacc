-- Signing in with a password, as a browser does that was never here: authorize, the login page, its form; the last answer is
-- the redirect with the code. One flow is three requests and one Argon2id. Everybody comes from an address of their own.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local authorize
local number = 0
-- One browser with many tabs: each interaction is bound to the request by its id.
local browser = { Cookie = site.browser }

function init()
    local it = site.requests["authorize"]
    authorize = wrk.format("GET", it.path, browser)
    math.randomseed(os.time())
end

local function address()
    return string.format("10.%d.%d.%d", math.random(0, 255), math.random(0, 255), math.random(1, 254))
end

function request()
    local next = next_pending()
    if not next then return authorize end
    if next.location then return get(next.location, browser) end
    number = number % #site.users + 1
    local headers = { Cookie = site.browser, Origin = site.origin, ["X-Forwarded-For"] = address() }
    return post("/login", headers, next.form .. "&username=" .. site.users[number] .. "&password=" .. site.password)
end

reads_answers = true
-- 503: the bounded queue was full. That is what a storm has to meet, and no error where it is asked for.
sheds, shed = os.getenv("LOAD_SHEDS") == "yes", 0

function response(status, headers, body)
    local location = headers["location"] or headers["Location"] or ""
    if status == 303 and string.find(location, "code=", 1, true) then
        flows = flows + 1
    elseif status == 303 and string.find(location, "/login?", 1, true) then
        later({ location = string.match(location, "(/login%?.*)$") })
    elseif status == 200 then
        local token = string.match(body, 'name="form_token" value="([^"]+)"')
        local interaction = string.match(body, 'name="interaction" value="([^"]+)"')
        if token and interaction and not string.find(body, 'id="problem"', 1, true) then
            later({ form = "interaction=" .. interaction .. "&form_token=" .. token })
        else
            failed(status, string.match(body, 'id="problem"[^>]*>([^<]*)') or "no form")
        end
    elseif status == 503 and sheds then
        shed = shed + 1
    else
        failed(status, location .. " " .. body)
    end
end
