"""``python -m registry``"""

from registry.main import parts
from registry.settings import RegistrySettings
from service_kit.app import serve

if __name__ == "__main__":
    serve(parts(RegistrySettings()))
