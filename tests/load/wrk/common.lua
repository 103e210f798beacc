-- What every script shares. LOAD_SITE is what stage.py left: requests that are always the same, and secrets, tokens and
-- codes to begin with. wrk does not tell which request an answer is to, so every answer has to say enough by itself.
site = dofile(os.getenv("LOAD_SITE"))

errors, flows, first_error = 0, 0, ""

local threads = {}

function setup(thread)
    threads[#threads + 1] = thread
end

-- The request that stage.py has made under this name.
function fixed(name)
    local it = site.requests[name]
    return wrk.format(it.method, it.path, it.headers, it.body)
end

function get(path, headers)
    return wrk.format("GET", path, headers)
end

function post(path, headers, body)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return wrk.format("POST", path, headers, body)
end

function failed(status, body)
    errors = errors + 1
    if first_error == "" then first_error = status .. " " .. string.sub(body or "", 1, 200) end
end

-- What the last answers made possible comes before anything new.
local pending, first, last = {}, 1, 0

function later(value)
    last = last + 1
    pending[last] = value
end

function next_pending()
    if first > last then return nil end
    local value = pending[first]
    pending[first] = nil
    first = first + 1
    return value
end

local escapes = { ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ['"'] = '\\"', ["\\"] = "\\\\" }

-- One line of JSON, the last of what wrk prints. Where a script reads the answers its own count of errors stands.
function done(summary, latency, requests)
    local wrong, completed, refused, example = summary.errors.status, 0, 0, ""
    for _, thread in ipairs(threads) do
        if thread:get("reads_answers") then
            wrong = 0
        end
    end
    for _, thread in ipairs(threads) do
        wrong = wrong + (thread:get("errors") or 0)
        completed = completed + (thread:get("flows") or 0)
        refused = refused + (thread:get("shed") or 0)
        if example == "" then example = thread:get("first_error") or "" end
    end
    wrong = wrong + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    io.write(string.format(
        '\n{"requests":%d,"flows":%d,"seconds":%.6f,"errors":%d,"shed":%d,"example":"%s","p50":%.1f,"p95":%.1f,"p99":%.1f,"p999":%.1f}\n',
        summary.requests, completed, summary.duration / 1e6, wrong, refused, (string.gsub(example, "%c", escapes):gsub('"', "'"):gsub("\\", "/")),
        latency:percentile(50), latency:percentile(95), latency:percentile(99), latency:percentile(99.9)))
end
